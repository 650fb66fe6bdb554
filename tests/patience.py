"""How long a test waits for what is to come: long, for a machine under load; elsewhere that costs nothing."""

PATIENCE = 60.0  # seconds
