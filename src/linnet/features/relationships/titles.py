"""What people call the lists that they show to others, and say about them: the rules of both. Pure."""

from linnet.platform.errors import Problem


def wrong_words(name: str, description: str, name_max: int, description_max: int) -> dict[str, list[Problem]]:
    """What is wrong with the name and the description of a list, by field; lengths in code points."""
    details: dict[str, list[Problem]] = {}
    if not name.strip():
        details["name"] = [Problem("ERR_BLANK", "can't be blank")]
    if len(name) > name_max:
        details["name"] = [Problem("ERR_TOO_LONG", f"is too long (maximum is {name_max} characters)")]
    if len(description) > description_max:
        details["description"] = [Problem("ERR_TOO_LONG", f"is too long (maximum is {description_max} characters)")]
    return details
