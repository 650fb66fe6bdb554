"""What `paperboy bench` measures; the scripts in benchmarks/ use it too."""
