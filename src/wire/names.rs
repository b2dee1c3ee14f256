//! How a service names the members of its structures in forms and XML, where that differs from JSON.
