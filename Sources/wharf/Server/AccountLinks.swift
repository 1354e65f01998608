import Accounts
import Bots
import Foundation
import Outreach

/// The short links of accounts, for the bots that make them.
struct AccountLinks: LinkShortener {
    let links: ShortLinks

    func shorten(_ target: String, for account: AccountID, share: Double) async throws -> String {
        do {
            return links.address(of: try await links.make(target, for: account, share: share, at: Date()).slug)
        } catch let error as LinkError {
            throw LinkRefusal(error)
        }
    }
}

extension LinkRefusal {
    fileprivate init(_ error: LinkError) {
        self =
            switch error {
            case .invalidTarget(.notAnAddress), .unknown: .notAnAddress
            case .invalidTarget(.tooLong(let limit)): .tooLong(limit: limit)
            case .invalidTarget(.credentials): .credentials
            case .invalidTarget(.circular): .circular
            case .limitReached(let limit): .limitReached(limit)
            }
    }
}
