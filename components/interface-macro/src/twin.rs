//! The server twin.

use interface_syntax::Interface;
use proc_macro2::TokenStream;
use quote::quote;
use syn::Visibility;

use crate::names;

/// The trait that a provider implements.
pub(crate) fn twin(interface: &Interface, visibility: &Visibility) -> TokenStream {
    let twin = names::twin(&interface.name);
    let says =
        format!(" The provider's side of [`{}`]. Its methods answer at once, whoever calls.", interface.name);
    let methods = interface.methods.iter().map(|method| {
        let (name, result) = (names::name(&method.name), names::result_type(method));
        let parameters = method.arguments.iter().map(names::parameter);
        let documentation = names::documentation(&method.documentation);
        quote! {
            #documentation
            fn #name(&mut self, from: ::runtime::Client #(, #parameters)*) -> #result;
        }
    });
    quote! {
        #[doc = #says]
        #[allow(clippy::too_many_arguments, reason = "the interface has as many, without the client")]
        #visibility trait #twin {
            #(#methods)*
        }
    }
}
