"""The one register of people, neutral between sponsors: who a worker is, never who pays for him."""
