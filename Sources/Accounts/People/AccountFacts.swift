package import Database

/// What other targets may ask about accounts within their own statements.
package enum AccountFacts {
    /// Whether an account, given as an expression, may do nothing at the moment; false where there is none.
    package static func isSuspended(_ account: SQL) -> SQL {
        "EXISTS (SELECT FROM accounts AS person WHERE person.id = \(account) AND person.status = 'suspended')"
    }

    /// Whether an account, given as an expression, is an administrator's; false where there is none.
    package static func isAdministrator(_ account: SQL) -> SQL {
        "EXISTS (SELECT FROM accounts AS person WHERE person.id = \(account) AND person.role = 'admin')"
    }

    /// Whether there is an account of that identifier.
    package static func exists(_ account: SQL) -> SQL {
        "EXISTS (SELECT FROM accounts AS person WHERE person.id = \(account))"
    }

    /// Whether an account, given as an expression, has an address like the pattern.
    package static func address(of account: SQL, isLike pattern: String?) -> SQL {
        "EXISTS (SELECT FROM accounts AS person WHERE person.id = \(account) AND person.email ILIKE \(pattern))"
    }

    /// Whether one account helps the other's team, both given as expressions.
    package static func isMember(_ member: SQL, ofTeamOf owner: SQL) -> SQL {
        "EXISTS (SELECT FROM team_members AS team WHERE team.member_id = \(member) AND team.owner_id = \(owner))"
    }
}
