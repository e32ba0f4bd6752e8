"""SharePoint: sites, lists with their columns and items, who may do what on a site."""
