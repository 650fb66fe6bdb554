"""What a monitor is told: metrics for Prometheus, and whether this process lives and is ready."""
