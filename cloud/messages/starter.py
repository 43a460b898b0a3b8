"""Predefined texts of a new organisation (M2)."""

from cloud.messages.models import MessageText
from cloud.organisations.models import Organisation

# Code and description, then Finnish, Swedish, Danish, English.
STARTER = (
    (
        "appointment",
        "Tapaaminen · Besök · Aftale · Appointment",
        "Hei {first_name}. Sinulla on tapaaminen {date} klo {time}.",
        "Hej {first_name}. Du har ett besök {date} kl. {time}.",
        "Hej {first_name}. Du har en aftale {date} kl. {time}.",
        "Hello {first_name}. You have an appointment on {date} at {time}.",
    ),
    (
        "medicine",
        "Lääkkeet · Läkemedel · Medicin · Medicine",
        "Hei {first_name}. On aika ottaa lääkkeet.",
        "Hej {first_name}. Det är dags att ta medicinerna.",
        "Hej {first_name}. Det er tid til at tage medicinen.",
        "Hello {first_name}. It is time to take your medicine.",
    ),
    (
        "outing",
        "Lähtö · Avfärd · Afgang · Going out",
        "{first_name}, pian lähdetään. Pue lämpimästi.",
        "{first_name}, snart är det dags att gå. Klä dig varmt.",
        "{first_name}, snart skal du af sted. Tag varmt tøj på.",
        "{first_name}, it is nearly time to go out. Dress warmly.",
    ),
)


def add_starter_set(organisation: Organisation) -> None:
    """Add the texts to a top-level organisation: descendants use them."""
    for code, description, fi, sv, da, en in STARTER:
        MessageText.objects.get_or_create(
            organisation=organisation,
            code=code,
            defaults={
                "description": description,
                "body_fi": fi,
                "body_sv": sv,
                "body_da": da,
                "body_en": en,
            },
        )


def follow(instance: Organisation, *, created: bool, raw: bool = False, **_signal: object) -> None:
    """Add the texts whenever a top-level organisation is created."""
    if created and not raw and instance.parent_id is None:
        add_starter_set(instance)
