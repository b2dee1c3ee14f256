//! From the list of services to what holds them all.

/// Declares each service's room, and makes [`Services`](super::Services) of them: a line is `room: Type`.
///
/// A macro, so that a service is named once, and a call reaches its service without an allocation or an indirect call.
macro_rules! services {
    ($($room:ident: $service:ident),+ $(,)?) => {
        $(pub mod $room;)+

        /// The models of all services, by which requests are told apart.
        pub static MODELS: &[&ServiceModel] = &[$(<$room::$service as Speaks>::MODEL),+];

        /// The names of all services.
        pub(crate) static NAMES: &[&str] = &[$(<$room::$service as Speaks>::MODEL.name),+];

        /// The services themselves.
        #[derive(Debug)]
        struct Rooms {
            $($room: $room::$service,)+
        }

        impl Rooms {
            fn new(environment: &Environment) -> Self {
                Self {
                    $($room: Service::new(environment),)+
                }
            }

            async fn answer(&self, call: &Call<'_>) -> Answer {
                $(if call.service.name == <$room::$service as Speaks>::MODEL.name {
                    return self.$room.answer(call).await;
                })+
                unreachable!("a call is read for one of the services in the list")
            }

            fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
                let mut held = Vec::new();
                $(held.extend(self.$room.held(account, region));)+
                held
            }

            fn routes() -> Vec<Route<Self>> {
                let mut routes = Vec::new();
                $(for route in $room::$service::routes() {
                    routes.push(route.within(|rooms: &Self| &rooms.$room));
                })+
                routes
            }

            fn stop_waiting(&self) {
                $(self.$room.stop_waiting();)+
            }

            async fn stop(&self) {
                tokio::join!($(self.$room.stop()),+);
            }
        }
    };
}
