"""The layouts and bindings the product ships, parsed once for all tests."""

from shared.statforms.bindings import load_bindings
from shared.statforms.parsing import layout_files, load_yaml, parse_layout

SHIPPED = {layout.code: layout for layout in (parse_layout(load_yaml(path)) for path in layout_files())}
BINDINGS = {code: load_bindings(layout) for code, layout in SHIPPED.items()}
