"""Forms of people, organisations and sign-in."""
