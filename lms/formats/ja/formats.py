"""Japanese moments: a space between day and hour, and hours of two digits, as where they stand alone."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y年n月j日 H:i"
SHORT_DATETIME_FORMAT = "Y/m/d H:i"
