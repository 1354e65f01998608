/// One input of a form, as `parts/field` prints it.
///
/// Its names all begin with `field`, because a template that finds no text here would look around it.
struct Field: Sendable {
    let fieldID: String
    let fieldName: String
    let fieldLabel: String
    var fieldType: String
    var fieldValue: String?
    var fieldError: String?
    var fieldHint: String?
    var fieldAutocomplete: String?
    var fieldIsRequired: Bool
    var fieldMaxLength: Int?
    var fieldInputMode: String?
    var fieldHasFocus: Bool
    /// What `aria-describedby` names.
    let fieldDescribedBy: String?
    /// Passwords get a button that shows them.
    let fieldIsSecret: Bool

    init(
        _ name: String,
        _ label: String,
        type: String = "text",
        value: String? = nil,
        error: String? = nil,
        hint: String? = nil,
        autocomplete: String? = nil,
        isRequired: Bool = true,
        maxLength: Int? = nil,
        inputMode: String? = nil,
        hasFocus: Bool = false
    ) {
        fieldID = "field-\(name)"
        fieldName = name
        fieldLabel = label
        fieldType = type
        fieldValue = value.flatMap { $0.isEmpty ? nil : $0 }
        fieldError = error
        fieldHint = hint
        fieldAutocomplete = autocomplete
        fieldIsRequired = isRequired
        fieldMaxLength = maxLength
        fieldInputMode = inputMode
        fieldHasFocus = hasFocus
        fieldIsSecret = type == "password"
        let described = [error == nil ? nil : "\(fieldID)-error", hint == nil ? nil : "\(fieldID)-hint"]
        let ids = described.compactMap { $0 }
        fieldDescribedBy = ids.isEmpty ? nil : ids.joined(separator: " ")
    }

    /// The same field for a form that came back: what was typed, and what is wrong with it.
    func again(_ form: FormFields, _ error: (any UserFacingError)?, _ strings: Strings) -> Field {
        Field(
            fieldName,
            fieldLabel,
            type: fieldType,
            // A password is never sent back.
            value: fieldIsSecret ? nil : form[fieldName].map { String($0.prefix(fieldMaxLength ?? 300)) } ?? fieldValue,
            error: error.flatMap { $0.field == fieldName ? strings.message(of: $0) : nil },
            hint: fieldHint,
            autocomplete: fieldAutocomplete,
            isRequired: fieldIsRequired,
            maxLength: fieldMaxLength,
            inputMode: fieldInputMode,
            hasFocus: error?.field == fieldName
        )
    }
}
