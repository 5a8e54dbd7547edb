"""How records of invented people are worded and drawn: for the sample and for generated municipalities."""
