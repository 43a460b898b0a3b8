"""A kind of import contract: the only packages of ours that some packages may import."""

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Only(Contract):
    """``modules`` (less ``except_modules``) import of our own only themselves and ``may_import``."""

    modules = fields.ListField(subfield=fields.StringField())
    may_import = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    except_modules = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Finds every import that leads elsewhere."""
        breaches = sorted(set(self._breaches(graph)))
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each breach."""
        for importer, imported, line in check.metadata["breaches"]:
            output.print_error(f"{importer}:{line} imports {imported}")

    def _breaches(self, graph: ImportGraph) -> Iterator[tuple[str, str, int]]:
        ours = {module for module in graph.modules if not graph.is_module_squashed(module)}
        held, free = _packages(self.modules), _packages(self.except_modules)
        allowed = held + _packages(self.may_import)
        for importer in ours:
            if not _is_in(importer, held) or _is_in(importer, free):
                continue
            for imported in graph.find_modules_directly_imported_by(importer):
                if imported in ours and not _is_in(imported, allowed):
                    details = graph.get_import_details(importer=importer, imported=imported)
                    yield importer, imported, int(details[0]["line_number"])


def _packages(field: object) -> list[str]:
    """import-linter replaces each declared field by its value."""
    return [str(package) for package in field] if isinstance(field, list) else []


def _is_in(module: str, packages: list[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)
