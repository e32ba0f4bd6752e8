"""Files: drives of people, groups and sites, with what lies in them."""
