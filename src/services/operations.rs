//! The list of a service's operations, from which their dispatch is made.

/// Makes, for a service's type, the constant `OPERATIONS` and the method `dispatch`: the match from an operation's name
/// to its module's `call`, generic over the codec, for the
/// protocols that the service speaks. The input's type is that of `call`'s parameter.
///
/// `Name => module` is an operation that returns at once, `Name => module.await` one that may wait. The operation's
/// error type must be `Error` in scope and take in a `DecodeError`.
macro_rules! operations {
    ($service:ident: $($name:ident => $module:ident $(.$wait:ident)?),+ $(,)?) => {
        impl $service {
            /// Every operation, in the order of the alphabet.
            pub const OPERATIONS: &'static [&'static str] = &[$(stringify!($name)),+];

            /// Runs the operation that a call names; `None` when there is none of that name.
            pub(super) async fn dispatch(
                &self,
                call: &$crate::wire::Call<'_>,
            ) -> Option<Result<$crate::wire::Answer, Error>> {
                Some(match &*call.operation {
                    $(stringify!($name) => match call.input::<$service, _>() {
                        Ok(input) => {
                            let output = $module::call(self, &call.caller(), input)$(.$wait)?;
                            output.map(|output| call.answer::<$service, _>(&output))
                        }
                        Err(error) => Err(error.into()),
                    },)+
                    _ => return None,
                })
            }
        }
    };
}

pub(crate) use operations;
