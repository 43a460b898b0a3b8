"""Changes the view of every resident of the fleet at once, as one person at the desk can."""

import django


def main() -> None:
    """The same as the page *Many views at once*: a preview, and then just what it has shown."""
    django.setup()
    from cloud.notify import live_updates
    from cloud.organisations.models import Organisation, User
    from cloud.screens import many, many_changes
    from cloud.screens.models import ResidentView

    organisation = Organisation.objects.get(name="Lehmuskoto")
    ours = ResidentView.objects.filter(resident__organisation=organisation)
    everything = ours.count()
    user = next(each for each in User.objects.all() if ours.visible_to(each).count() == everything)
    # The fleet's views are alike, which those of the demo's own residents may not be.
    is_shown = ours.filter(resident__last_name="Virtanen 0").get().cafe
    preview = many.preview(user, organisation, {"cafe": not is_shown})
    live_updates.here()
    many_changes.carry_out(user, many.order_of(preview.token))
    live_updates.close()


if __name__ == "__main__":
    main()
