"""A week of digests for the demo: real papers in our own words, with the quirks that real digests have."""
