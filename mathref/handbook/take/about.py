"""What a handbook says of itself where it is taken along."""

from datetime import datetime
from typing import NamedTuple


class About(NamedTuple):
    """What a handbook says of itself; `address` is "" if it has none, `moment` that of its last change."""

    title: str
    description: str
    authors: str
    address: str
    moment: datetime
