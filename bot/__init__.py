"""Paperboy: a Slack bot that brings a team its daily AI papers."""

__version__ = "0.1.0"
