interface Region {
  readonly name: string;
  readonly displayName: string;
  readonly geography: string;
  readonly group: string;
  readonly place: string;
  readonly latitude: string;
  readonly longitude: string;
  readonly paired: string;
}

const ROWS = `
eastus|East US|United States|US|Virginia|37.3719|-79.8164|westus
eastus2|East US 2|United States|US|Virginia|36.6681|-78.3889|centralus
centralus|Central US|United States|US|Iowa|41.5908|-93.6208|eastus2
northcentralus|North Central US|United States|US|Illinois|41.8819|-87.6278|southcentralus
southcentralus|South Central US|United States|US|Texas|29.4167|-98.5|northcentralus
westus|West US|United States|US|California|37.783|-122.417|eastus
westus2|West US 2|United States|US|Washington|47.233|-119.852|westcentralus
westus3|West US 3|United States|US|Phoenix|33.448376|-112.074036|eastus
westcentralus|West Central US|United States|US|Wyoming|40.89|-110.234|westus2
canadacentral|Canada Central|Canada|Canada|Toronto|43.653|-79.383|canadaeast
canadaeast|Canada East|Canada|Canada|Quebec|46.817|-71.217|canadacentral
brazilsouth|Brazil South|Brazil|South America|Sao Paulo State|-23.55|-46.633|southcentralus
mexicocentral|Mexico Central|Mexico|Mexico|Querétaro State|20.588818|-100.389888|
northeurope|North Europe|Europe|Europe|Ireland|53.3478|-6.2597|westeurope
westeurope|West Europe|Europe|Europe|Netherlands|52.3667|4.9|northeurope
uksouth|UK South|United Kingdom|Europe|London|50.941|-0.799|ukwest
ukwest|UK West|United Kingdom|Europe|Cardiff|53.427|-3.084|uksouth
francecentral|France Central|France|Europe|Paris|46.3772|2.373|francesouth
francesouth|France South|France|Europe|Marseille|43.8345|2.1972|francecentral
germanywestcentral|Germany West Central|Germany|Europe|Frankfurt|50.110924|8.682127|germanynorth
germanynorth|Germany North|Germany|Europe|Berlin|53.073635|8.806422|germanywestcentral
switzerlandnorth|Switzerland North|Switzerland|Europe|Zurich|47.451542|8.564572|switzerlandwest
switzerlandwest|Switzerland West|Switzerland|Europe|Geneva|46.204391|6.143158|switzerlandnorth
norwayeast|Norway East|Norway|Europe|Norway|59.913868|10.752245|norwaywest
norwaywest|Norway West|Norway|Europe|Norway|58.969975|5.733107|norwayeast
swedencentral|Sweden Central|Sweden|Europe|Gävle|60.67488|17.14127|swedensouth
polandcentral|Poland Central|Poland|Europe|Warsaw|52.23334|21.01666|
italynorth|Italy North|Italy|Europe|Milan|45.46888|9.18109|
spaincentral|Spain Central|Spain|Europe|Madrid|40.4259|3.4209|
uaenorth|UAE North|UAE|Middle East|Dubai|25.266666|55.316666|uaecentral
uaecentral|UAE Central|UAE|Middle East|Abu Dhabi|24.466667|54.366669|uaenorth
qatarcentral|Qatar Central|Qatar|Middle East|Doha|25.551462|51.439327|
israelcentral|Israel Central|Israel|Middle East|Israel|31.2655698|33.4506633|
southafricanorth|South Africa North|South Africa|Africa|Johannesburg|-25.73134|28.21837|southafricawest
southafricawest|South Africa West|South Africa|Africa|Cape Town|-34.075691|18.843266|southafricanorth
eastasia|East Asia|Asia Pacific|Asia Pacific|Hong Kong|22.267|114.188|southeastasia
southeastasia|Southeast Asia|Asia Pacific|Asia Pacific|Singapore|1.283|103.833|eastasia
japaneast|Japan East|Japan|Asia Pacific|Tokyo, Saitama|35.68|139.77|japanwest
japanwest|Japan West|Japan|Asia Pacific|Osaka|34.6939|135.5022|japaneast
koreacentral|Korea Central|Korea|Asia Pacific|Seoul|37.5665|126.978|koreasouth
koreasouth|Korea South|Korea|Asia Pacific|Busan|35.1796|129.0756|koreacentral
centralindia|Central India|India|Asia Pacific|Pune|18.5822|73.9197|southindia
southindia|South India|India|Asia Pacific|Chennai|12.9822|80.1636|centralindia
australiaeast|Australia East|Australia|Asia Pacific|New South Wales|-33.86|151.2094|australiasoutheast
australiasoutheast|Australia Southeast|Australia|Asia Pacific|Victoria|-37.8136|144.9631|australiaeast
australiacentral|Australia Central|Australia|Asia Pacific|Canberra|-35.3075|149.1244|australiacentral2
newzealandnorth|New Zealand North|New Zealand|Asia Pacific|Auckland|-36.84853|174.76349|`;

/** Azure's regions, as the locations list and the checks of `location` know them. */
export const REGIONS: readonly Region[] = ROWS.trim()
  .split('\n')
  .map((row) => {
    const [name, displayName, geography, group, place, latitude, longitude, paired] = row.split('|') as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    return { name, displayName, geography, group, place, latitude, longitude, paired };
  });

/** `West Europe`, `WestEurope` and `westeurope` are the same region. */
export function findRegion(location: string): Region | undefined {
  const wanted = location.toLowerCase().replace(/\s+/g, '');
  return REGIONS.find((region) => region.name === wanted);
}

/** An entry of `GET /subscriptions/{s}/locations`. */
export function toLocation(region: Region, subscriptionId: string): object {
  return {
    id: `/subscriptions/${subscriptionId}/locations/${region.name}`,
    name: region.name,
    type: 'Region',
    displayName: region.displayName,
    regionalDisplayName: `(${region.group}) ${region.displayName}`,
    metadata: {
      regionType: 'Physical',
      regionCategory: region.paired ? 'Recommended' : 'Other',
      geography: region.geography,
      geographyGroup: region.group,
      longitude: region.longitude,
      latitude: region.latitude,
      physicalLocation: region.place,
      pairedRegion: region.paired
        ? [{ name: region.paired, id: `/subscriptions/${subscriptionId}/locations/${region.paired}` }]
        : [],
    },
  };
}
