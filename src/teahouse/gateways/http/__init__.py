"""The HTTP door: REST under /api/v1 and the page's files, one file per noun; api.py puts them together."""
