"""Who gets what and when, each thing to send as a row before it is sent, and the one who sends it."""
