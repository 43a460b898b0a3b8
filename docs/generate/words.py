"""Describes JSON Schema as text: a field's type and limits."""

from docs.generate.types import Schema

_NOUNS = {"boolean": "true or false", "null": "nothing", "object": "object", "integer": "whole number"}


def describe(field: Schema) -> str:
    """What a field holds, for a cell of a Markdown table."""
    words = _kind(field)
    note = field.get("description")
    return f"{words}. {note}" if note else words


def _kind(field: Schema) -> str:
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(_kind(choice) for choice in field["anyOf"])
    match field.get("type"):
        case None if "enum" in field:
            return " or ".join(f"`{value}`" for value in field["enum"])
        case "array":
            return _list(field)
        case "string":
            return _text(field)
        case "integer" | "number":
            return _number(field)
        case kind:
            return _NOUNS.get(str(kind), "any JSON")


def _list(field: Schema) -> str:
    most = f", at most {field['maxItems']}" if "maxItems" in field else ""
    least = f", at least {field['minItems']}" if "minItems" in field else ""
    return f"list of: {_kind(field['items'])}{least}{most}"


def _text(field: Schema) -> str:
    if "format" in field:
        return f"{field['format']} text"
    if "contentEncoding" in field:
        return f"{field['contentEncoding']} text"
    if "pattern" in field:
        return f"text like `{field['pattern']}`".replace("|", "\\|")
    limits = [
        f"{words} {field[key]}"
        for key, words in (("minLength", "at least"), ("maxLength", "at most"))
        if key in field
    ]
    return "text, " + " and ".join(limits) + " characters" if limits else "text"


def _number(field: Schema) -> str:
    noun = "whole number" if field["type"] == "integer" else "number"
    match field.get("minimum"), field.get("maximum"):
        case None, None:
            return noun
        case least, None:
            return f"{noun} from {least}"
        case None, most:
            return f"{noun} up to {most}"
        case least, most:
            return f"{noun} from {least} to {most}"
