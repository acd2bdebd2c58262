import pytest

from teahouse.policy import fold_name
from teahouse.scripts import Mixture, mixture
from tests.unit.test_lookalikes import ORDINARY_NAMES


@pytest.mark.parametrize(
    "name", [*ORDINARY_NAMES.split(), "佐々木", "ユージ", "Марʼяна", "O’Neil", "ｱｷﾗ", "らーめん", "나무 2", "🫖", "〇"]
)
def test_ordinary_names_are_of_one_script(name: str) -> None:
    assert mixture(fold_name(name)) <= Mixture.ONE_SCRIPT


@pytest.mark.parametrize("name", ["二ノ宮", "ユ一ジ", "山口ひろしTaro", "金민준", "王ㄅ", "ニ木", "王小茶Anna", "ー郎"])
def test_some_languages_are_written_in_several(name: str) -> None:
    assert mixture(fold_name(name)) is Mixture.ONE_LANGUAGE


@pytest.mark.parametrize("name", ["Kирилла", "Дмиtрий", "Oδυσσέας", "Аnna", "王Анна", "김あ", "نoor"])
def test_the_rest_is_mixed(name: str) -> None:
    assert mixture(fold_name(name)) is Mixture.MIXED


def test_letters_of_ascii_are_plainest() -> None:
    assert mixture("anna-maria 2") is Mixture.ASCII < mixture("анна")
