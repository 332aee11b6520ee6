"""Forms: what an endpoint takes, as a typed struct, made from the tree of parameters whatever encoding they came in.

Conversion is directed by the form's types, so that `"1"`, `1`, `on` and `True` are all true for a boolean, `id=1` is a
list of one where a list is expected, and a hash with numeric keys (`fields_attributes[0][name]`) is a list in the order
of its keys. Names a form does not know are ignored. JSON null, and an empty string where no text is expected, clear a
field that may be null and count as absent for one that may not; an empty text stays an empty text.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import inspect as shapes

from linnet.api.parameters import Repeated, Tree
from linnet.api.uploads import Upload
from linnet.platform.errors import Invalid, Problem

NUMBER_BITS: Final = 63
DIGITS_MAX: Final = 24

_BLANK: Final = "can't be blank"
_TRUE = frozenset({"true", "1", "on", "t", "yes", "y"})
_FALSE = frozenset({"false", "0", "off", "f", "no", "n"})
_INTEGER = re.compile(rf"[+-]?[0-9]{{1,{DIGITS_MAX}}}(?:\.0{{1,{DIGITS_MAX}}})?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?")

Reader = Callable[[object], object]


class Form(msgspec.Struct, kw_only=True):
    """An endpoint's parameters from any source: path aside, one flat struct with a default for what may be absent."""


F = TypeVar("F", bound=Form)


class _Absent:
    """What a reader gives for a value that counts as not sent."""


_ABSENT = _Absent()


class _Wrong(Exception):
    """A value that its type refuses; `description` says what was expected."""

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


class _WrongInside(Exception):
    """Wrong values within a hash or a list, by their path below it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems


def convert(tree: Tree, form: type[F]) -> F:
    """The tree as a `form`; `Invalid` names every field whose value does not fit and why."""
    try:
        return cast("F", _reader_of_struct(form)(tree))
    except _WrongInside as wrong:
        details = {
            name: [Problem("ERR_BLANK" if description == _BLANK else "ERR_INVALID", description)]
            for name, description in wrong.problems.items()
        }
        sentences = "; ".join(f"{name} {description}" for name, description in wrong.problems.items())
        raise Invalid(f"Validation failed: {sentences}", details) from None


@cache
def _reader_of_struct(struct: type[msgspec.Struct]) -> Reader:
    """A function that makes this struct from a hash, with a reader ready for each field."""
    described = cast("shapes.StructType", shapes.type_info(struct))
    types = {field.name: field.type for field in msgspec.structs.fields(struct)}
    fields = [
        (field.encode_name, field.name, field.required, _reader_of(field.type), types[field.name])
        for field in described.fields
    ]

    def read(value: object) -> object:
        if not isinstance(value, dict):
            raise _Wrong("must be a set of named values")
        hash_ = cast("Tree", value)
        found: dict[str, object] = {}
        problems: dict[str, str] = {}
        for sent_name, name, required, reader, exact in fields:
            try:
                read_value = reader(hash_[sent_name]) if sent_name in hash_ else _ABSENT
                if read_value is not _ABSENT:
                    found[name] = msgspec.convert(read_value, exact, dec_hook=_as_is)
                elif required:
                    problems[sent_name] = _BLANK
            except _Wrong as wrong:
                problems[sent_name] = wrong.description
            except _WrongInside as wrong:
                problems.update({f"{sent_name}.{path}": text for path, text in wrong.problems.items()})
            except msgspec.ValidationError as error:
                problems[sent_name] = _sentence_of(error)
        if problems:
            raise _WrongInside(problems)
        return struct(**found)

    return read


def _reader_of(type_: shapes.Type) -> Reader:
    """A function that brings a sent value into the form this type has, or raises `_Wrong`."""
    nullable = False
    if isinstance(type_, shapes.UnionType):
        nullable = type_.includes_none
        kinds = [kind for kind in type_.types if not isinstance(kind, shapes.NoneType)]
        type_ = kinds[0] if len(kinds) == 1 else shapes.UnionType(tuple(kinds))
    reader = _reader_of_kind(type_)
    empty = None if nullable else _ABSENT
    upload = isinstance(type_, shapes.CustomType) and type_.cls is Upload
    keeps_empty = isinstance(type_, shapes.StrType | shapes.AnyType | shapes.CustomType) and not upload
    single = not isinstance(type_, shapes.ListType | shapes.VarTupleType | shapes.SetType)

    def read(value: object) -> object:
        if single and isinstance(value, Repeated):
            value = cast("list[object]", value)[-1]
        if value is None or (value == "" and not keeps_empty):
            return _ABSENT if upload and value == "" else empty
        return reader(value)

    return read


def _reader_of_kind(type_: shapes.Type) -> Reader:
    """The reader of a type that is present and not null."""
    match type_:
        case shapes.ListType() | shapes.VarTupleType() | shapes.SetType():
            return _reader_of_list(type_.item_type)
        case shapes.DictType():
            return _reader_of_hash(type_.value_type)
        case shapes.StructType():
            return _reader_of_struct(type_.cls)
        case shapes.CustomType():
            return _read_upload if type_.cls is Upload else _read_anything
        case _:
            reader = _SCALARS.get(type(type_))
            if reader is None:
                message = f"no form field can be of type {type_!r}"
                raise TypeError(message)
            return reader


def _read_boolean(value: object) -> object:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, str | int) else ""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise _Wrong("must be true or false")


def _read_integer(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    elif isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        value = int(value.strip().partition(".")[0])
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong("must be a whole number")
    if not -(2**NUMBER_BITS) <= value < 2**NUMBER_BITS:
        raise _Wrong("is too large a number")
    return value


def _read_decimal(value: object) -> object:
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e100:  # noqa: PLR2004
        return float(value)
    raise _Wrong("must be a number")


def _read_moment(value: object) -> object:
    try:
        moment = datetime.fromisoformat(read_text(value).strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Wrong("must be a date and time in ISO 8601") from None


def read_text(value: object) -> str:
    """A sent scalar as text: JSON numbers and booleans by their JSON spelling, a small text file by its contents."""
    if isinstance(value, Upload):
        try:
            value = value.text()
        except (UnicodeDecodeError, ValueError):
            raise _Wrong("must be text") from None
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str):
        raise _Wrong("must be text")
    if "\0" in value:
        raise _Wrong("must not contain NUL characters")
    return value


def _read_upload(value: object) -> object:
    if isinstance(value, Upload):
        return value
    raise _Wrong("must be a file")


def _read_anything(value: object) -> object:
    match value:
        case str():
            return read_text(value)
        case list():
            return [_read_anything(item) for item in cast("list[object]", value)]
        case dict():
            return {read_text(key): _read_anything(item) for key, item in cast("Tree", value).items()}
        case _:
            return value


def _reader_of_list(item: shapes.Type) -> Reader:
    read_item = _reader_of(item)

    def read(value: object) -> object:
        found: list[object] = []
        problems: dict[str, str] = {}
        for number, sent in enumerate(_items(value)):
            try:
                read_value = read_item(sent)
            except _Wrong as wrong:
                problems[str(number)] = wrong.description
            except _WrongInside as wrong:
                problems.update({f"{number}.{path}": text for path, text in wrong.problems.items()})
            else:
                if read_value is not _ABSENT:
                    found.append(read_value)
        if problems:
            raise _WrongInside(problems)
        return found

    return read


def _items(value: object) -> list[object]:
    """What was sent where a list is expected: a list, a hash that stands for one, or a single item."""
    if isinstance(value, list):
        return cast("list[object]", value)
    if isinstance(value, dict) and (ordered := _as_list(cast("Tree", value))) is not None:
        return ordered
    return [value]


def _as_list(hash_: Tree) -> list[object] | None:
    """The values of a hash whose keys are all small numbers, in their order; None for any other hash."""
    if not all(key.isascii() and key.isdigit() and len(key) <= DIGITS_MAX for key in hash_):
        return None
    return [value for _, value in sorted(hash_.items(), key=lambda item: int(item[0]))]


def _reader_of_hash(item: shapes.Type) -> Reader:
    read_item = _reader_of(item)

    def read(value: object) -> object:
        if not isinstance(value, dict):
            raise _Wrong("must be a set of named values")
        read_values = {read_text(key): read_item(sent) for key, sent in cast("Tree", value).items()}
        return {key: read_value for key, read_value in read_values.items() if read_value is not _ABSENT}

    return read


def _as_is(_: type, value: Any) -> Any:  # noqa: ANN401 -- uploads go through conversion untouched
    return value


def _sentence_of(error: msgspec.ValidationError) -> str:
    """Msgspec's complaint about one value, as the rest of a sentence that begins with the field's name."""
    return "is invalid: " + str(error).partition(" - at `")[0].replace("`", "")


_SCALARS: Final[dict[type[shapes.Type], Reader]] = {
    shapes.BoolType: _read_boolean,
    shapes.IntType: _read_integer,
    shapes.FloatType: _read_decimal,
    shapes.DateTimeType: _read_moment,
    shapes.StrType: read_text,
    shapes.LiteralType: read_text,
    shapes.EnumType: read_text,
    shapes.AnyType: _read_anything,
}
"""How a value of each plain type is read."""
