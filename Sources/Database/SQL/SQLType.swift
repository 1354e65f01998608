/// A PostgreSQL type, by the number it has in `pg_type`.
package struct SQLType: Hashable, Sendable {
    let oid: UInt32

    /// The server works out the type from the place where the value stands.
    static let inferred = SQLType(oid: 0)
    static let bool = SQLType(oid: 16)
    static let bytea = SQLType(oid: 17)
    static let name = SQLType(oid: 19)
    static let int8 = SQLType(oid: 20)
    static let int2 = SQLType(oid: 21)
    static let int4 = SQLType(oid: 23)
    static let text = SQLType(oid: 25)
    static let json = SQLType(oid: 114)
    static let float4 = SQLType(oid: 700)
    static let float8 = SQLType(oid: 701)
    static let unknown = SQLType(oid: 705)
    static let boolArray = SQLType(oid: 1000)
    static let byteaArray = SQLType(oid: 1001)
    static let int2Array = SQLType(oid: 1005)
    static let int4Array = SQLType(oid: 1007)
    static let textArray = SQLType(oid: 1009)
    static let varcharArray = SQLType(oid: 1015)
    static let int8Array = SQLType(oid: 1016)
    static let bpchar = SQLType(oid: 1042)
    static let varchar = SQLType(oid: 1043)
    static let timestamptz = SQLType(oid: 1184)
    static let timestamptzArray = SQLType(oid: 1185)
    static let uuid = SQLType(oid: 2950)
    static let uuidArray = SQLType(oid: 2951)
    static let jsonb = SQLType(oid: 3802)

    /// Types made by `CREATE TYPE` and by extensions have numbers from here on.
    static let firstUserDefined: UInt32 = 16_384

    var isUserDefined: Bool { oid >= Self.firstUserDefined }
}
