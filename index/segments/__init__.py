"""An index on disk and in memory: generations, manifest, segments searched as one."""
