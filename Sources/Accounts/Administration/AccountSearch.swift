internal import Foundation

/// Which accounts an administrator wants to see.
package struct AccountSearch: Sendable, Equatable {
    package enum Order: String, Sendable, CaseIterable {
        case created
        case name
        case email
        case login
    }

    /// Part of a name or an address.
    package var text: String?
    package var role: Role?
    package var status: Account.Status?
    package var order = Order.created
    package var isDescending = true
    /// How many lines to pass over.
    package var offset = 0

    package init() {}
}
