"""Percent-escapes (RFC 3986 2.1): what they stand for has to be UTF-8, in an address as everywhere.

Whoever decodes them further on puts U+FFFD for anything else, which finds people and names nobody meant.
"""

from urllib.parse import unquote_to_bytes


def stands_for_text(escaped: bytes) -> bool:
    """Say whether `escaped`, an address, a form or a part of them, is UTF-8 as it is sent, and once its escapes are decoded.

    Delimiters are ASCII, so that what holds for the whole holds for each part. One without the other is no text: an escape and a bare
    byte after it may make a letter together.
    """
    try:
        escaped.decode()
        unquote_to_bytes(escaped).decode()
    except UnicodeDecodeError:
        return False
    return True
