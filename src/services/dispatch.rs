//! From lists to code: the list of services becomes what holds them, a service's list of operations its dispatch.

/// Declares each service's room, and makes [`Rooms`](super::Rooms) of them: a line is `room: Type`.
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
                    return answer(&self.$room, call).await;
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

/// Makes, for a service's type, the constant `OPERATIONS` and its [`Operations`](super::Operations): the match from an
/// operation's name to its module's `call`, generic over the codec, for the protocols that the service speaks. The input's
/// type is that of `call`'s parameter.
///
/// `Name => module` is an operation that returns at once, `Name => module.await` one that may wait. The operation's
/// error type must be `Error` in scope, take in a `DecodeError`, and tell its `info`.
macro_rules! operations {
    ($service:ident: $($name:ident => $module:ident $(.$wait:ident)?),+ $(,)?) => {
        impl $service {
            /// Every operation, in alphabetical order.
            pub const OPERATIONS: &'static [&'static str] = &[$(stringify!($name)),+];
        }

        impl $crate::services::Operations for $service {
            async fn dispatch(
                &self,
                call: &$crate::wire::Call<'_>,
            ) -> Option<$crate::wire::Answer> {
                let answer: Result<_, Error> = match &*call.operation {
                    $(stringify!($name) => match call.input::<$service, _>() {
                        Ok(input) => {
                            let output = $module::call(self, &call.caller(), input)$(.$wait)?;
                            output.map(|output| call.answer::<$service, _>(&output))
                        }
                        Err(error) => Err(error.into()),
                    },)+
                    _ => return None,
                };
                Some(answer.unwrap_or_else(|error| call.refuse(&error.info())))
            }
        }
    };
}
