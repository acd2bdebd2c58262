"""Connections without a WebSocket: Server-Sent Events and long polling over the same cursors, commands by POST."""
