"""From a digest's text to papers: pure, whatever the dialect and however broken the row."""
