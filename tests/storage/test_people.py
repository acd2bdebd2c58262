"""Users and keys as the database keeps them."""

from teahouse.storage import people
from tests.storage.house import House, refusal

HASH, OTHER = b"h" * 32, b"o" * 32


async def test_a_name_is_free_again_when_its_holder_has_gone(house: House) -> None:
    aiko, _ = await house.committer.run(lambda tx: people.create(tx, "Aiko", "aiko", "f01", "guest"))
    assert await refusal(house.committer.run(lambda tx: people.create(tx, "AIKO", "aiko", "f01", "guest"))) == "name_taken"
    await house.committer.run(lambda tx: people.free_name(tx, aiko.id))
    again, _ = await house.committer.run(lambda tx: people.create(tx, "AIKO", "aiko", "f01", "guest"))
    assert again.id != aiko.id


async def test_who_has_gone_is_still_the_author_of_what_they_said_but_present_no_more(house: House) -> None:
    aiko = await house.guest("Aiko")
    await house.committer.run(lambda tx: people.free_name(tx, aiko.id))
    assert await house.database.read(people.get, aiko.id) == aiko
    assert await refusal(house.database.read(people.get_present, aiko.id)) == "not_found"
    assert await refusal(house.database.read(people.get, 999)) == "not_found"


async def test_an_owners_key_is_good_once_and_a_new_one_voids_the_old(house: House) -> None:
    later = house.clock() + 1
    for token_hash in (OTHER, HASH):
        await house.committer.run(lambda tx, token_hash=token_hash: people.put_owner_key(tx, token_hash, later))
    assert not await house.committer.run(lambda tx: people.use_owner_key(tx, OTHER))
    assert await house.committer.run(lambda tx: people.use_owner_key(tx, HASH))
    assert not await house.committer.run(lambda tx: people.use_owner_key(tx, HASH))


async def test_an_owners_key_is_good_until_its_time_is_up(house: House) -> None:
    expires_at = house.clock() + 1
    await house.committer.run(lambda tx: people.put_owner_key(tx, HASH, expires_at))
    house.clock.ms = expires_at
    assert not await house.committer.run(lambda tx: people.use_owner_key(tx, HASH))
