"""What keeps an installation running: the clock of the schedule, and the doctor."""
