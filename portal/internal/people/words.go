package people

// companyWords are the first words of company names; a trade is the second.
var companyWords = []string{
	"Northwind", "Bluebird", "Copper", "Granite", "Harbour", "Juniper", "Kestrel", "Lantern", "Meridian", "Nimbus",
	"Orchard", "Pioneer", "Quartz", "Redwood", "Saffron", "Tandem", "Umbra", "Vertex", "Willow", "Zephyr",
	"Amber", "Beacon", "Cobalt", "Delta", "Ember", "Falcon", "Glacier", "Horizon", "Indigo", "Jade",
	"Keystone", "Lumen", "Maple", "Nova", "Onyx", "Prairie", "Quill", "Ridge", "Summit", "Tidal",
	"Umber", "Valley", "Wander", "Yarrow", "Alder", "Birch", "Cedar", "Dune", "Echo", "Fjord",
	"Grove", "Heron", "Iris", "Jubilee", "Kite", "Laurel", "Mosaic", "Nectar", "Opal", "Pebble",
}

var trades = []struct{ word, industry string }{
	{"Analytics", "INFORMATION_TECHNOLOGY_AND_SERVICES"},
	{"Bakery", "FOOD_PRODUCTION"},
	{"Robotics", "INDUSTRIAL_AUTOMATION"},
	{"Logistics", "LOGISTICS_AND_SUPPLY_CHAIN"},
	{"Foods", "FOOD_BEVERAGES"},
	{"Software", "COMPUTER_SOFTWARE"},
	{"Clinic", "MEDICAL_PRACTICE"},
	{"Energy", "OIL_ENERGY"},
	{"Textiles", "TEXTILES"},
	{"Studios", "MEDIA_PRODUCTION"},
	{"Foundry", "MACHINERY"},
	{"Insurance", "INSURANCE"},
	{"Airways", "AIRLINES_AVIATION"},
	{"Books", "PUBLISHING"},
	{"Ceramics", "GLASS_CERAMICS_CONCRETE"},
	{"Dental", "MEDICAL_PRACTICE"},
	{"Electric", "ELECTRICAL_ELECTRONIC_MANUFACTURING"},
	{"Farms", "FARMING"},
	{"Glassworks", "GLASS_CERAMICS_CONCRETE"},
	{"Hotels", "HOSPITALITY"},
	{"Instruments", "MEDICAL_DEVICES"},
	{"Joinery", "FURNITURE"},
	{"Labs", "BIOTECHNOLOGY"},
	{"Marine", "MARITIME"},
	{"Networks", "COMPUTER_NETWORKING"},
	{"Optics", "MEDICAL_DEVICES"},
	{"Partners", "MANAGEMENT_CONSULTING"},
	{"Railways", "TRANSPORTATION_TRUCKING_RAILROAD"},
	{"Security", "COMPUTER_NETWORK_SECURITY"},
	{"Tools", "MACHINERY"},
	{"Ventures", "VENTURE_CAPITAL_PRIVATE_EQUITY"},
	{"Works", "CONSTRUCTION"},
	{"Advisory", "MANAGEMENT_CONSULTING"},
	{"Brewing", "FOOD_BEVERAGES"},
	{"Capital", "INVESTMENT_MANAGEMENT"},
	{"Design", "DESIGN"},
	{"Education", "E_LEARNING"},
	{"Freight", "PACKAGE_FREIGHT_DELIVERY"},
	{"Gardens", "FARMING"},
	{"Health", "HOSPITAL_HEALTH_CARE"},
}

// jobs are titles with the options of hs_seniority and hs_role that go with them.
var jobs = []struct{ title, seniority, role string }{
	{"Chief Executive Officer", "executive", "entrepreneurship"},
	{"Founder & CEO", "owner", "entrepreneurship"},
	{"Chief Technology Officer", "executive", "information_technology"},
	{"VP of Sales", "vp", "sales"},
	{"VP, Engineering (EMEA)", "vp", "engineering"},
	{"Director of Marketing", "director", "marketing"},
	{"Director of Procurement", "director", "operations"},
	{"Head of People", "director", "human_resources"},
	{"Head of Data", "director", "information_technology"},
	{"Product Manager", "manager", "product"},
	{"Senior Product Designer", "senior", "design"},
	{"Account Executive", "employee", "sales"},
	{"Key Account Manager", "manager", "sales"},
	{"Customer Success Manager", "manager", "customer_service"},
	{"Marketing Specialist", "employee", "marketing"},
	{"Content Writer", "employee", "marketing"},
	{"Software Engineer", "employee", "engineering"},
	{"Senior Software Engineer", "senior", "engineering"},
	{"System Administrator", "employee", "information_technology"},
	{"Data Analyst", "employee", "information_technology"},
	{"Accountant", "employee", "accounting"},
	{"Finance Manager", "manager", "finance"},
	{"General Counsel", "executive", "legal"},
	{"Office Manager", "manager", "administrative"},
	{"Executive Assistant", "employee", "administrative"},
	{"Recruiter", "employee", "recruiting"},
	{"Operations Manager", "manager", "operations"},
	{"Plant Manager", "manager", "operations"},
	{"Quality Engineer", "employee", "quality_assurance"},
	{"Research Associate", "entry", "research"},
	{"Project Manager, Digital", "manager", "project_management"},
	{"Physician", "senior", "health_professional"},
	{"Teacher", "employee", "education"},
	{"Consultant", "employee", "consulting"},
	{"Partner", "partner", "consulting"},
	{"Intern", "entry", "operations"},
	{"Student", "entry", "education"},
}

// share is a value and how often it occurs, in parts of all shares together.
type share struct {
	value string
	parts int
}

// stages are the lifecycle stages as a grown portal has them.
var stages = []share{
	{"subscriber", 24},
	{"lead", 32},
	{"marketingqualifiedlead", 14},
	{"salesqualifiedlead", 7},
	{"opportunity", 8},
	{"customer", 12},
	{"evangelist", 1},
	{"other", 2},
}

var leadStatuses = []share{
	{"NEW", 20},
	{"OPEN", 20},
	{"IN_PROGRESS", 15},
	{"OPEN_DEAL", 5},
	{"UNQUALIFIED", 15},
	{"ATTEMPTED_TO_CONTACT", 15},
	{"CONNECTED", 8},
	{"BAD_TIMING", 2},
}

var sources = []share{
	{"ORGANIC_SEARCH", 30}, {"DIRECT_TRAFFIC", 25}, {"OFFLINE", 20}, {"REFERRALS", 10}, {"EMAIL_MARKETING", 8}, {"PAID_SEARCH", 5}, {"AI_REFERRALS", 2},
}

var (
	buyingRoles = []string{"BLOCKER", "BUDGET_HOLDER", "CHAMPION", "DECISION_MAKER", "END_USER", "INFLUENCER", "LEGAL_AND_COMPLIANCE"}
	legalBases  = []string{"Legitimate interest – prospect/lead", "Legitimate interest – existing customer", "Performance of a contract", "Freely given consent from contact"}
	headcounts  = []string{"1-5", "5-25", "25-50", "50-100", "100-500", "500-1000", "1000+"}
	mailboxes   = []string{"mail.example", "inbox.example", "post.example", "webmail.example"}
	salutations = []string{"Dr.", "Prof.", "Mx.", "Ms", "Mr", "Frau", "Señora"}
)

// remarks are what people write into forms and colleagues into notes.
var remarks = []string{
	"Met at the trade fair; wants a quote for 40 seats before the budget closes.",
	"Please call me back in the afternoon (after 3 pm), not by email.",
	"Asked about \"single sign-on\" and data residency; legal has the contract.",
	"Preis ist zu hoch, meldet sich im Frühjahr wieder.",
	"Très intéressée par l'offre annuelle, mais décide avec son associé.",
	"¿Podemos hablar la próxima semana? Gracias 🙏",
	"資料を送付済み。来週フォローアップする。",
	"Уточнить реквизиты и отправить счёт.",
	"يرجى التواصل بعد العطلة.",
	"Has used the product at the former company = knows it well; price < 10,000 is fine.",
	"- wants a demo\n- has 3 sites\n- decides in Q2",
	"Left a voicemail.\r\nNo answer so far.",
}
