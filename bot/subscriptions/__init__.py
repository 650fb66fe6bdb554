"""Who gets what: feeds of channels, what members follow, and which papers match."""
