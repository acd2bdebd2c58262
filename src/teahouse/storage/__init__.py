"""The truth on disk: logs, messages, rooms and people, in one schema for SQLite and PostgreSQL.

Functions here are plain and synchronous; they run in the committer's thread or in a reader's (docs/decisions/0001).
"""
