"""What `paperboy bench` measures: speed beside a bare baseline in the same run."""
