"""班级: the list, and one class along its life."""
