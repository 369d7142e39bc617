"""What the pages show: one module a page or a family of pages, one function an exhibit."""
