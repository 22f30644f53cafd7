"""kill -9 at many instants of every act that writes, on real profiles, with a table of what was in flight."""
