"""What Paperboy knows: every paper ever digested, and the tables that all rooms' rows live in."""
