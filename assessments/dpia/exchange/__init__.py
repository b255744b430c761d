"""Impact assessments from files of other tools, and from other installations of this one."""
