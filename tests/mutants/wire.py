"""What strangers put on the wire: bytes that are no text, requests that are no requests, frames by the thousand."""

from tests.mutants.mutant import Edit, Mutant

STRICT_JSON = "tests/unit/test_strict_json.py"
ANY_BYTES = "tests/gateways/http/test_any_bytes.py"

MUTANTS = (
    # Decoding
    Mutant(
        "trust-strings-to-be-utf8",
        "a byte that is no UTF-8 is the sender's fault",
        (
            Edit("strict_json.py", "                raw.decode()  # all", "                pass  # all"),
            Edit("strict_json.py", "        except UnicodeError:\n", "        except LookupError:\n"),
        ),
        (STRICT_JSON, ANY_BYTES),
    ),
    Mutant(
        "skip-what-nobody-knows",
        "all of a body is UTF-8, also what nobody reads",
        (Edit("strict_json.py", "                raw.decode()  # all", "                pass  # all"),),
        (STRICT_JSON,),
    ),
    Mutant(
        "no-bottom",
        "depth is refused as any other nonsense",
        (
            Edit(
                "strict_json.py",
                '            raise msgspec.DecodeError("JSON is malformed: not UTF-8") from None\n        except RecursionError:\n',
                '            raise msgspec.DecodeError("JSON is malformed: not UTF-8") from None\n        except LookupError:\n',
            ),
        ),
        (STRICT_JSON,),
    ),
    Mutant(
        "judge-a-list-as-one",
        "each command of a list is answered",
        (Edit("gateways/http/events.py", "        return items_of(body)\n", "        body.decode()\n        return items_of(body)\n"),),
        (ANY_BYTES,),
    ),
    Mutant(
        "cut-a-list-in-two",
        "what is wrong with one command does not take those after it along",
        (Edit("gateways/connection.py", "        except Exception as error:  # also", "        except TeahouseError as error:  # also"),),
        ("tests/gateways/connection/test_connection.py",),
    ),
)
