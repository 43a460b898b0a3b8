"""Changes the view of every resident of the fleet at once, as one person at the desk can."""

import django


def main() -> None:
    """Every view is turned over, then every device's documents are brought up to date."""
    django.setup()
    from django.db.models import Case, Value, When

    from cloud.devices.documents import refresh_organisation
    from cloud.notify import live_updates
    from cloud.organisations.models import Organisation
    from cloud.screens.models import ResidentView

    organisation = Organisation.objects.get(name="Lehmuskoto")
    ours = ResidentView.objects.filter(resident__organisation=organisation)
    ours.update(cafe=Case(When(cafe=True, then=Value(False)), default=Value(True)))
    live_updates.here()
    refresh_organisation(organisation)
    live_updates.close()


if __name__ == "__main__":
    main()
