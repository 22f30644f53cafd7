"""学员: the list of people, their form, and enrolment into classes."""
