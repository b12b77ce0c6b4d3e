"""What a page would ask of the network."""

import re

from lxml import html

_LOADING = "//script | //link | //iframe | //object | //embed | //img | //base | //form"
_ADDRESSES = "//@src | //@srcset | //@action | //@data | //@poster | //@href | //@*[name()='xlink:href']"


def outside(text: str) -> list[str]:
    """Elements that load something and addresses that lead out of the page."""
    page = html.document_fromstring(text.encode("utf-8"))
    return [
        *(element.tag for element in page.xpath(_LOADING)),
        *(address for address in page.xpath(_ADDRESSES) if not address.startswith("#")),
        *re.findall(r"@import.*|url\((?!#).*", text),
    ]
