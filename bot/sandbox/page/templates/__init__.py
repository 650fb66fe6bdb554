"""Jinja's templates: autoescaped, no script in them, no style."""
